FROM node:22
ONBUILD COPY package.json /app/
ONBUILD ADD vendor.tar /app/
