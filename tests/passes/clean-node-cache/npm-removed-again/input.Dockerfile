FROM alpine:3.20
RUN apk add nodejs npm && npm i -g pm2 && apk del npm
