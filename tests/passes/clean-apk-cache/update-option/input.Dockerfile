FROM alpine:3.20
RUN apk add --update curl && apk -U add git && apk --update-cache add vim
