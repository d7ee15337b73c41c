FROM node:20
RUN npm install -g npm@latest
COPY package*.json ./
RUN npm ci
