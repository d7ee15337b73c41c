FROM node:20
COPY . /app
COPY web/.env /app/web/.env
