FROM node:20

# Create app directory
RUN mkdir -p /usr/src/app
WORKDIR /usr/src/app

# Tools that native modules are compiled with
RUN apt update
RUN apt install -y python3 make g++

ADD package.json package-lock.json ./
RUN npm install

ADD . /usr/src/app
RUN chown -R node:node /usr/src/app
USER node

ENV NODE_ENV production
EXPOSE 3000
CMD ["npm", "run", "start"]
CMD ["node", "server.js"]
