FROM node:22-slim
WORKDIR /app
WORKDIR /app/backend
COPY backend/package.json backend/package-lock.json ./
RUN npm ci
COPY . /app/
CMD ["node", "server.js"]
