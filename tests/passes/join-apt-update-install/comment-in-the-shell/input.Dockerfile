FROM debian:bookworm-slim
RUN apt-get update # quiet enough
RUN apt-get install -y curl
