FROM alpine:3.20
ONBUILD COPY a.txt /
COPY b.txt /
