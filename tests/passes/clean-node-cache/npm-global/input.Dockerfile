FROM node:20-slim
WORKDIR /app
RUN npm i -g pm2
