FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app . /app
RUN set -eux; \
    chmod -R g-w /app; \
    ls -l /app
