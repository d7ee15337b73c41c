from alpine:3.20
label org.opencontainers.image.authors="jane@example.org"
