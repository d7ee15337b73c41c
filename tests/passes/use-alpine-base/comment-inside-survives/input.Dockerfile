FROM node:20
RUN apt-get update && apt-get install -y \
    # for the hooks
    git \
    && rm -rf /var/lib/apt/lists/*
