FROM alpine:3.20
RUN apk add --update curl
COPY a /b
RUN apk add --no-network bash
