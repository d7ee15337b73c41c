FROM node:20-slim

# Create app directory
RUN mkdir -p /usr/src/app
WORKDIR /usr/src/app

# Tools that native modules are compiled with
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ \
    && rm -rf /var/lib/apt/lists/*

COPY package.json package-lock.json ./
RUN npm ci && npm cache clean --force

COPY . /usr/src/app
RUN chown -R node:node /usr/src/app
USER node

ENV NODE_ENV=production
EXPOSE 3000
CMD ["node", "server.js"]
