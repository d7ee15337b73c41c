FROM node:20-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates wget \
    && rm -rf /var/lib/apt/lists/*
CMD ["sh", "-c", "wget -qO- http://config/ && node server.js"]
