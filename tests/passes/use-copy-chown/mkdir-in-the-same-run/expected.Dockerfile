FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app src /app/src
RUN mkdir -p /app/log && chown app:app /app/log && chmod 700 /app/log
