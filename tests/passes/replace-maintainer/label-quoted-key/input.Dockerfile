FROM alpine:3.20
LABEL title=x "org.opencontainers.image.authors"="Jane"
MAINTAINER Jane
