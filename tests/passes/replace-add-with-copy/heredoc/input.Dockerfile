# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
ADD <<EOF /etc/app.conf
key = value
EOF
RUN <<EOF
ADD start.sh /
EOF
