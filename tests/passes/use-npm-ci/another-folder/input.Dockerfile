FROM node:20
WORKDIR /app
COPY package.json package-lock.json /app/
RUN cd web && npm install
