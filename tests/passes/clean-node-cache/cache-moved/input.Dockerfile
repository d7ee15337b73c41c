FROM node:20-slim
WORKDIR /app
RUN npm_config_cache=/tmp/npm npm ci
RUN npm ci --cache /tmp/npm
