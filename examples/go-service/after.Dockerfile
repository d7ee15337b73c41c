# syntax=docker/dockerfile:1
FROM golang:1.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go vet ./...
RUN CGO_ENABLED=0 go build -o /out/service ./cmd/service

FROM alpine:3.20
RUN apk add --no-cache ca-certificates tzdata \
    && addgroup -S service && adduser -S -G service service
COPY config.yaml /etc/service/config.yaml
COPY --from=build /out/service /usr/local/bin/service
USER service
ENTRYPOINT ["/usr/local/bin/service"]
