FROM node:22 AS build
WORKDIR /app

FROM node:22-slim
WORKDIR /app
COPY --from=build /app .
RUN npm ci
