FROM node:8
WORKDIR /app
COPY package.json package-lock.json /app/
RUN npm ci
