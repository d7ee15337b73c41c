FROM node:22-slim
COPY . /app
RUN mv /app/nginx.conf /etc/nginx.conf
RUN chown -R node:node /app
