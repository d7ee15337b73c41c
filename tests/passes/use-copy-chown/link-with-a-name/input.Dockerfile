# syntax=docker/dockerfile:1
FROM node:22-slim
COPY --link . /app
RUN chown -R node:node /app
