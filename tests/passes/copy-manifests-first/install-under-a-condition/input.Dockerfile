FROM node:22-slim
ARG NODE_ENV
WORKDIR /app
COPY . .
RUN if [ "$NODE_ENV" = production ]; then npm ci --omit=dev; else npm ci; fi
