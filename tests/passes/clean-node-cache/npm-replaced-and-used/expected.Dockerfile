FROM node:20
RUN npm install -g npm@latest && npm cache clean --force
COPY package*.json ./
RUN npm ci && npm cache clean --force
