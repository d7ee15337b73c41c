FROM debian:bookworm-slim
RUN apt-get update
COPY rootfs /
RUN apt-get install -y curl
