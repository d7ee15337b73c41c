FROM alpine:3.20
RUN set -ex \
    # index
    && apk update \
    # downloads
    && apk add curl
