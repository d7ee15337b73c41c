FROM debian:bookworm-slim
RUN useradd app && mkdir -p /app/var/log /app/var/run
COPY src /app/src
RUN chown -R app:app /app
