FROM alpine:3.20 AS base
LABEL org.opencontainers.image.authors="Jane"

FROM alpine:3.20
LABEL org.opencontainers.image.title="x" "org.opencontainers.image.vendor"=y
LABEL org.opencontainers.image.authors="Jane"
