FROM alpine:3.20 AS base
RUN apk update && apk add --no-cache curl
FROM base AS builder
RUN apk add gcc
FROM base
COPY --from=builder /usr/bin/gcc /gcc
