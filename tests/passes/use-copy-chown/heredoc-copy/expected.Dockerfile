FROM debian:bookworm-slim
COPY --chown=www-data:www-data <<EOF /etc/motd.conf
hello
EOF
