FROM debian:bookworm
COPY <<EOF /install.sh
apt install -y curl
EOF
