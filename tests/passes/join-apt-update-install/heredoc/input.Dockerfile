# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN apt-get update
RUN <<EOF
set -e
mkdir data
apt-get install -y curl
EOF
