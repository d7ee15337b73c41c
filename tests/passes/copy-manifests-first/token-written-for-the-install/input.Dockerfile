FROM node:22-slim
ARG NPM_TOKEN
WORKDIR /app
COPY . .
RUN echo "//registry.example.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm -f .npmrc
