FROM alpine:3.20
RUN set -ex \
    # index
    # downloads
    && apk add --no-cache curl
