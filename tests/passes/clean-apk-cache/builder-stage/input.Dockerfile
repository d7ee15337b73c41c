FROM alpine:3.20 AS builder
RUN apk update && apk add gcc && gcc --version > /v
FROM scratch
COPY --from=builder /v /v
