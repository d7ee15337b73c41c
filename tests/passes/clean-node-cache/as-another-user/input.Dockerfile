FROM node:20-slim
WORKDIR /app
USER node
RUN npm ci
