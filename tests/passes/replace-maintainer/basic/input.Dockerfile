FROM alpine:3.20
MAINTAINER Jane Doe <jane@example.org>
RUN apk add --no-cache curl
