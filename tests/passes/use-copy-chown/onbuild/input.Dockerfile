FROM node:22-slim
ONBUILD COPY . /app
ONBUILD RUN chown -R node:node /app
COPY base /srv/base
ONBUILD RUN chown -R node:node /srv/base
