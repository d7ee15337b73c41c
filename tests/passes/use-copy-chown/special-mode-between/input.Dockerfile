FROM node:22-slim
COPY . /app
RUN chmod 4755 /app/helper
RUN chown -R node:node /app
