FROM debian:bookworm-slim
WORKDIR/app
EXPOSE80
RUNapt-get update
USER"app"
COPY./a /b
MAINTAINER: me
CMD= /bin/sh
ENV:A=b
