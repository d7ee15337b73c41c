FROM alpine:3.20
COPY config.json a /etc/app/
