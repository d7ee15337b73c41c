FROM node:20-slim
WORKDIR /app
RUN echo "npm install"
