FROM debian:bookworm-slim
RUN mkdir /data
RUN apt-get update && \
	apt-get install -y \
		curl
RUN mkdir /etc/x
