FROM alpine:3.20
ARG SMALL
RUN apk add --update curl && if [ -n "$SMALL" ]; then rm /var/cache/apk/*; fi
