FROM debian:bookworm-slim
RUN useradd app && mkdir -p /app/tmp && rm -rf /app/tmp
COPY src /app/src
RUN chown -R app:app /app
