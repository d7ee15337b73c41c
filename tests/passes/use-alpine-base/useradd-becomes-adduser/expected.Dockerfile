FROM node:20-alpine
RUN addgroup -g 1234 web && adduser -D -u 1234 -s /bin/false -G web web
RUN addgroup -S worker && adduser -S -D -H -G worker worker
USER web
