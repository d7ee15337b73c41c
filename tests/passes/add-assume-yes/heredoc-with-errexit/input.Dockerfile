FROM debian:bookworm
RUN <<EOF
set -e
apt-get update
apt-get install curl
rm -rf /var/lib/apt/lists/*
EOF
