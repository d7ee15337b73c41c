FROM node:22-slim
ENV NODE_OPTIONS=--max-old-space-size=4096
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
