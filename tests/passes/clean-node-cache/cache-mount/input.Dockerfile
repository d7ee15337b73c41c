FROM node:20-slim
WORKDIR /app
RUN --mount=type=cache,target=/root/.npm npm ci
