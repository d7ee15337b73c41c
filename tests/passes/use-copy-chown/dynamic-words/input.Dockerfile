FROM node:22-slim
ARG PATHS
COPY . /app
RUN chown -R node:node $PATHS
RUN chown -R node:node /app/*
RUN chown -R --from=root node:node /app
