FROM debian:bookworm-slim
apt-get update
