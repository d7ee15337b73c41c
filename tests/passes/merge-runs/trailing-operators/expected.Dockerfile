FROM debian:bookworm-slim
RUN mkdir /data && \
	apt-get update && \
	apt-get install -y \
		curl && \
	mkdir /etc/x
