FROM debian:bookworm-slim
RUN useradd app
RUN if [ "$(uname -m)" = x86_64 ]; then mkdir -p /app/cache; fi
COPY src /app/src
RUN chown -R app:app /app
