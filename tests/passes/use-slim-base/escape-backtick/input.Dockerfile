# escape=`
FROM node:20
RUN curl -O https://example.org/app.js
