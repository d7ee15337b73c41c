FROM debian:bookworm
RUN <<EOF
apt-get install curl
echo done
EOF
