FROM golang:1.22 AS build
COPY . /src
RUN chown -R nobody:nogroup /src
RUN cd /src && go build -o /out/server .

FROM debian:bookworm-slim
RUN useradd app
COPY --from=build /out/server /app/server
COPY static /app/static
RUN chown -R app:app /app
