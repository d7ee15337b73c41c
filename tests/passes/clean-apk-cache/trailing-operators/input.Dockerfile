FROM alpine:3.20
RUN set -x && \
    apk update && \
    apk add curl && \
    rm -f /var/cache/apk/*.tar.gz && \
    curl --version
