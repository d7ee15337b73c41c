FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN sudo -E apt-get update -q && DEBIAN_FRONTEND=noninteractive sudo -E apt-get install -yq git \
    && sudo rm -rf /var/lib/apt/lists/*
