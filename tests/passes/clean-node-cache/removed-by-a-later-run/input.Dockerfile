FROM node:20
RUN npm install -g serve
COPY .npmrc /root/
RUN rm -r /root/.npm/_cacache
