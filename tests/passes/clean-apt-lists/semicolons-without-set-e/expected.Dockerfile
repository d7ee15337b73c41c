FROM debian:bookworm-slim
RUN apt-get update; apt-get install -y curl; mkdir -p /data && rm -rf /var/lib/apt/lists/*
