FROM node:22-slim
RUN apt-get update && apt-get install -y sudo && rm -rf /var/lib/apt/lists/*
COPY . /app
RUN sudo chown -R node:node /app && ls /app
