FROM node:22-slim
RUN apt-get update && apt-get install -y sudo && rm -rf /var/lib/apt/lists/*
COPY --chown=node:node . /app
RUN ls /app
