FROM node:20 AS base
USER node
FROM base
RUN git clone https://example.org/app.git /home/node/app
