FROM alpine:3.20
RUN apk add --no-cache -p /rootfs --initdb -X https://dl-cdn.alpinelinux.org/alpine/v3.20/main busybox
