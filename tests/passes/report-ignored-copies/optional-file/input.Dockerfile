FROM node:20
COPY package.json yarn.lock* .npmrc* /app/
