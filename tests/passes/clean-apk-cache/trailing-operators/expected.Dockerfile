FROM alpine:3.20
RUN set -x && \
    apk add --no-cache curl && \
    curl --version
