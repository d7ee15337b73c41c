FROM node:22-slim
WORKDIR /app
COPY backend/package.json backend/package-lock.json backend/
RUN cd backend && npm ci
COPY . .
RUN cd backend && npm run build
CMD ["node", "backend/server.js"]
