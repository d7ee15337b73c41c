FROM debian:bookworm-slim
RUN apt-get update
COPY sources.list /etc/apt/
RUN apt-get install -y curl
