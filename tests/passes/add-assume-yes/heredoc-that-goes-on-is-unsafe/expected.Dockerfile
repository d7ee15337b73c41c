FROM debian:bookworm
RUN <<EOF
apt-get install -y curl
echo done
EOF
