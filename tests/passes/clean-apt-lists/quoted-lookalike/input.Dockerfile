FROM debian:bookworm-slim
RUN echo "apt-get update && apt-get install -y curl" > /etc/motd && echo apt-get update
