FROM alpine:3.20
RUN apk add --update curl
COPY setup.sh /
RUN ./setup.sh && rm /var/cache/apk/*
