FROM debian:bookworm-slim
RUN apt-get update || true
WORKDIR /app
RUN apt-get install -y curl
