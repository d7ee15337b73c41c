FROM node:20
COPY package*.json ./
RUN npm ci
CMD npm ci --offline && node .
