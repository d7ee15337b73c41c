FROM node:22-slim
WORKDIR /app
COPY . .
RUN cd backend && npm ci && npm run build
CMD ["node", "backend/server.js"]
