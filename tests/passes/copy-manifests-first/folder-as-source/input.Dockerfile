FROM node:22-slim
COPY backend /srv/backend/
WORKDIR /srv/backend
RUN npm ci
