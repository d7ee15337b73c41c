FROM debian:bookworm-slim
COPY . /app
RUN <<EOF
set -e
chown -R www-data:www-data /app
chmod -R g-w /app
EOF
