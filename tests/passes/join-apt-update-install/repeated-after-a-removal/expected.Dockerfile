FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y curl \
    && rm -rf /tmp/* \
    && mkdir data \
    && apt-get install -y git \
    && rm -rf /var/lib/apt/lists/*
