FROM golang:1.22 AS build
COPY go.mod go.sum ./
COPY . .
FROM scratch
COPY --from=build /out /
COPY config.yaml /etc/
