FROM node:20-slim
WORKDIR /app
RUN set -eux; \
    npm ci; \
    npm run build; \
    npm cache clean --force
