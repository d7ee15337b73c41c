FROM debian:bookworm-slim
RUN apt-get update
RUN dpkg --add-architecture i386
RUN apt-get install -y curl
