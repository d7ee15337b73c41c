FROM alpine:3.20
ENV OPTIONS=--no-cache
RUN apk $OPTIONS add curl
