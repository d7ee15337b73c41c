FROM node:20-slim
WORKDIR /app
RUN npm ci && \
    npm run build
