FROM gliderlabs/alpine:3.1 AS old
RUN apk add --update bash

FROM alpine:3.2
COPY --from=old /bin/bash /bin/
RUN apk add --update curl && rm -rf /var/cache/apk/*
RUN apk update && apk add git
