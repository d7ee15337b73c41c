FROM node:22-slim
COPY --chown=node:node ["my file.json", "server.js", "/app/"]
