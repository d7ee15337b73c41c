FROM alpine:3.20
RUN apk add --no-cache \
		curl \
		xz

# ensure the user exists
RUN mkdir -p /data; \
	adduser -D app
