# escape=`
FROM node:20-slim
RUN apt-get update `
    && apt-get install -y --no-install-recommends ca-certificates curl `
    && rm -rf /var/lib/apt/lists/*
RUN curl -O https://example.org/app.js
