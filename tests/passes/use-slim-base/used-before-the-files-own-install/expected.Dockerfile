FROM node:20-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl gnupg \
    && rm -rf /var/lib/apt/lists/*
RUN curl -sL https://example.org/key.gpg | apt-key add -
RUN apt-get update && apt-get install -y nginx
