FROM node:22-slim
WORKDIR /app
COPY . .
RUN yarn config set nodeLinker node-modules && yarn install --immutable
