FROM alpine:3.20
LABEL org.opencontainers.image.authors="\$USER and \${USER}, \"JD\", it's C:\\dir, # no comment"
