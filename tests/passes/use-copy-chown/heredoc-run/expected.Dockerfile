FROM debian:bookworm-slim
COPY --chown=www-data:www-data . /app
RUN <<EOF
set -e
chmod -R g-w /app
EOF
