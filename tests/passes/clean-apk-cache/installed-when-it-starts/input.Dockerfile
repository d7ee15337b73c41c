FROM alpine:3.20
RUN apk add --update curl
ENTRYPOINT ["apk", "add", "git"]
