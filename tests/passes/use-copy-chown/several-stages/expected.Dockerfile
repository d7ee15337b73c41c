FROM golang:1.22 AS build
COPY . /src
RUN chown -R nobody:nogroup /src
RUN cd /src && go build -o /out/server .

FROM debian:bookworm-slim
RUN useradd app
COPY --from=build --chown=app:app /out/server /app/server
COPY --chown=app:app static /app/static
