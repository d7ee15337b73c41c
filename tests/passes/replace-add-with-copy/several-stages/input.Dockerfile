FROM golang:1.22 AS build
ADD go.mod go.sum ./
ADD . .
FROM scratch
COPY --from=build /out /
ADD config.yaml /etc/
