FROM debian:bookworm
RUN <<EOF
set -e
apt update
apt install -y curl
EOF
