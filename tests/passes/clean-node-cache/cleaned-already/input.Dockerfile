FROM node:20-slim
WORKDIR /app
RUN npm install && npm cache clean --force
RUN npm install && rm -rf /root/.npm
RUN npm ci && rm -rf ~/.npm /tmp/*
