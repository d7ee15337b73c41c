FROM alpine:3.20 AS base
RUN apk update && apk add curl
FROM base AS builder
RUN apk add gcc
FROM base
COPY --from=builder /usr/bin/gcc /gcc
