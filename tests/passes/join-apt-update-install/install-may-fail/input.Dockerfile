FROM debian:bookworm-slim
RUN apt-get update
WORKDIR /app
RUN apt-get install -y curl || true
