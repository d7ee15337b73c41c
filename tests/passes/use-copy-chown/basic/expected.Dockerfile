FROM node:22-slim
COPY --chown=node:node package.json server.js /srv/app/
COPY --chown=node:node public /srv/app/public
RUN chmod 500 /srv/app/server.js
USER node
CMD ["node", "/srv/app/server.js"]
