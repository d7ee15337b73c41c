FROM node:20 AS build
RUN npm ci
FROM node:20
COPY --from=build /app/node_modules /app/node_modules
