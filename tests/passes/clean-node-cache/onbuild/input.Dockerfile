FROM node:20-slim
WORKDIR /app
ONBUILD RUN npm install
