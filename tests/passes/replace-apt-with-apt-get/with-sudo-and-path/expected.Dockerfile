FROM debian:bookworm
RUN sudo apt-get update && DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get install -y curl
