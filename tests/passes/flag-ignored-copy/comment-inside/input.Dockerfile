FROM alpine:3.20
COPY \
    # needed at run time
    config.json \
    /etc/app/
