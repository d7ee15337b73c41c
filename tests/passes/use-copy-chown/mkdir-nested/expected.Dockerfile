FROM debian:bookworm-slim
RUN useradd app && mkdir -p /app/var/log /app/var/run
COPY --chown=app:app src /app/src
RUN chown -R app:app /app/var && chown app:app /app
