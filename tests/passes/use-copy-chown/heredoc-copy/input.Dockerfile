FROM debian:bookworm-slim
COPY <<EOF /etc/motd.conf
hello
EOF
RUN chown www-data:www-data /etc/motd.conf
