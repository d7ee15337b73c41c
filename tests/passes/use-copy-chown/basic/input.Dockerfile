FROM node:22-slim
COPY package.json server.js /srv/app/
COPY public /srv/app/public
RUN chown -R node:node /srv/app && chmod 500 /srv/app/server.js
USER node
CMD ["node", "/srv/app/server.js"]
