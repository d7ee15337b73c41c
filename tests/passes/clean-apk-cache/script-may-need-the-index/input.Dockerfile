FROM alpine:3.20
COPY install.sh /
RUN apk update && apk add bash && /install.sh
