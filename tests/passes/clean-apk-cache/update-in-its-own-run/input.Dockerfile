FROM alpine:3.20
RUN apk update
# the tools
RUN apk add curl
WORKDIR /app
RUN apk add git
