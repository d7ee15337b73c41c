FROM golang:1.22-alpine
RUN apk add --no-cache git
WORKDIR /src
COPY . .
RUN go mod download
RUN go build -o /bin/app
CMD ["/bin/app"]
