# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN <<EOF
touch /a
EOF
RUN touch /b
