FROM node:20-slim
COPY . /srv
WORKDIR /srv/web
RUN npm ci
