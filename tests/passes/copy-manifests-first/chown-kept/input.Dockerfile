FROM node:22-slim
WORKDIR /app
COPY --chown=node:node . .
USER node
RUN npm ci
