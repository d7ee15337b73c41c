FROM node:22-slim
COPY --chown=node:node . /app
USER node
