FROM alpine:3.20
RUN apk update && \
    # downloads
    apk add curl && \
    # tidy up
    rm -rf /var/cache/apk/*
