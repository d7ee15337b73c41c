FROM debian:bookworm
RUN sudo apt update && DEBIAN_FRONTEND=noninteractive /usr/bin/apt install -y curl
