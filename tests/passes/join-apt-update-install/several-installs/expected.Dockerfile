FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl
WORKDIR /app
RUN apt-get update && apt-get install -y git
RUN apt-get upgrade -y
