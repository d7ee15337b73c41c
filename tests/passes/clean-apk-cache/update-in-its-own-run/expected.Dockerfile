FROM alpine:3.20
# the tools
RUN apk add --no-cache curl
WORKDIR /app
RUN apk add --no-cache git
