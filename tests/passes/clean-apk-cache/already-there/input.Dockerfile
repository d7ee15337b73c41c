FROM alpine:3.20
RUN apk add --no-cache curl
RUN apk --no-cache add git && apk add vim --no-cache
