FROM debian:bookworm-slim
RUN useradd app
COPY src /app/src
RUN mkdir -p /app/log && chown -R app:app /app && chmod 700 /app/log
