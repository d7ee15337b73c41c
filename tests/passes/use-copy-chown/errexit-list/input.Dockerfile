FROM debian:bookworm-slim
RUN useradd app
COPY . /app
RUN set -eux; \
    chmod -R g-w /app; \
    chown -R app:app /app; \
    ls -l /app
