FROM golang:1.23 AS build
MAINTAINER Jane
RUN go build -o /app

FROM alpine:3.20
MAINTAINER Jane
MAINTAINER John
COPY --from=build /app /app
