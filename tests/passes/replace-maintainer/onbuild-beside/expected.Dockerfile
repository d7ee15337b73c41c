FROM alpine:3.20
ONBUILD RUN echo MAINTAINER
LABEL org.opencontainers.image.authors="Jane"
