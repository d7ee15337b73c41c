FROM node:20
RUN npm install -g serve
COPY .npmrc /root/
RUN rm /root/.npmrc
