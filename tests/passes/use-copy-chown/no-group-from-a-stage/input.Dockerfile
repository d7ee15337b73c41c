FROM debian:bookworm-slim AS build
RUN mkdir /out && touch /out/file
FROM debian:bookworm-slim
RUN useradd app
COPY --from=build /out /app
RUN chown -R app /app
