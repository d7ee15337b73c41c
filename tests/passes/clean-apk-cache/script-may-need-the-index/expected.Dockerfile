FROM alpine:3.20
COPY install.sh /
RUN apk update && apk add --no-cache bash && /install.sh
