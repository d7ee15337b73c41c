FROM node:22
ONBUILD ADD package.json /app/
ONBUILD ADD vendor.tar /app/
