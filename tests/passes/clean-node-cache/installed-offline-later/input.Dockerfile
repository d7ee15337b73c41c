FROM node:20
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY plugin /plugin
RUN npm ci --offline --prefix /plugin && npm cache clean --force
