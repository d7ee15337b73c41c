FROM debian:bookworm-slim
RUN apt-get update && apt-get upgrade -y
WORKDIR /app
RUN apt-get install -y curl
