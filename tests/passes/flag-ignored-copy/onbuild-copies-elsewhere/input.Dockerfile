FROM alpine:3.20
ONBUILD COPY nothing /etc/app/
