FROM debian:bookworm-slim
RUN apt-get update \
    # for downloads
    && apt-get install -y curl \
    # the last one
    git \
    && rm -rf /var/lib/apt/lists/*
