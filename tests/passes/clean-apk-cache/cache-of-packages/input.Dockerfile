FROM alpine:3.20
RUN ln -s /var/cache/apk /etc/apk/cache && apk update && apk add curl
