FROM node:22-slim
COPY --chown=1:1 . /app
RUN chown -R node:node /app
