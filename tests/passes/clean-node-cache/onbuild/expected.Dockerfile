FROM node:20-slim
WORKDIR /app
ONBUILD RUN npm install && npm cache clean --force
