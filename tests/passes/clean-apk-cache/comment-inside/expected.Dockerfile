FROM alpine:3.20
RUN \
    # downloads
    apk add --no-cache curl \
    # tidy up
    # look
    && curl --version
