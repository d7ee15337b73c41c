FROM node:22-slim
WORKDIR /srv/backend
COPY backend/package.json backend/package-lock.json ./
RUN npm ci
COPY backend /srv/backend/
