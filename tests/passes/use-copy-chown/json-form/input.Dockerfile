FROM node:22-slim
COPY ["my file.json", "server.js", "/app/"]
RUN chown -R node:node /app
