# syntax=docker/dockerfile:1
FROM node:22-slim
COPY --link --chown=1000:1000 . /app
