FROM alpine:3.20
RUN apk add --update curl && rm -rf /tmp/* /var/cache/apk/* /root/.cache
