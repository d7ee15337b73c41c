FROM node:22-slim
WORKDIR /app
COPY . .
WORKDIR /app/backend
RUN npm ci
CMD ["node", "server.js"]
