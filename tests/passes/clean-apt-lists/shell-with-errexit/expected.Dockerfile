FROM debian:bookworm-slim
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN apt-get update; apt-get install -y curl; curl --version | head -1; rm -rf /var/lib/apt/lists/*
