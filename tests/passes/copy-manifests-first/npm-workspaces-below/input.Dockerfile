FROM node:22-slim
WORKDIR /app
COPY shop /app
RUN npm ci
CMD ["node", "web/server.js"]
