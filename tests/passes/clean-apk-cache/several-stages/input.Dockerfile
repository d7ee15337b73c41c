FROM alpine:3.20 AS one
RUN apk update && apk add gcc
FROM alpine:3.20
RUN apk update && apk add curl
COPY --from=one /usr/bin/gcc /gcc
