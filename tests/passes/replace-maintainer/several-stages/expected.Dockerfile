FROM golang:1.23 AS build
LABEL org.opencontainers.image.authors="Jane"
RUN go build -o /app

FROM alpine:3.20
LABEL org.opencontainers.image.authors="Jane"
LABEL org.opencontainers.image.authors="John"
COPY --from=build /app /app
