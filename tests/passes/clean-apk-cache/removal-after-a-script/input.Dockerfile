FROM alpine:3.20
COPY setup.sh /
RUN apk add --no-cache bash && /setup.sh && rm -rf /var/cache/apk/*
