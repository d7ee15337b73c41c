# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN <<EOF
set -e
mkdir data
apt-get update && apt-get install -y curl
EOF
