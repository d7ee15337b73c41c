FROM alpine:3.20
RUN apk add --no-cache curl
# tidy up
RUN rm -rf /var/cache/apk/*
WORKDIR /app
