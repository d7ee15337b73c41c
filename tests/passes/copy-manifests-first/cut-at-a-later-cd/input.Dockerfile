FROM node:22-slim
WORKDIR /app
COPY . .
RUN npm ci && cd client && npm run build
