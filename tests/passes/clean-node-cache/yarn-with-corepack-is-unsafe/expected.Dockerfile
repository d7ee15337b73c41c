FROM node:20-slim
WORKDIR /app
RUN corepack enable
COPY package.json yarn.lock ./
RUN yarn install && yarn cache clean
