FROM node:20
WORKDIR /app
COPY package.json package-lock.json /app/
RUN npm install left-pad
RUN npm install
RUN npm install -g pm2
