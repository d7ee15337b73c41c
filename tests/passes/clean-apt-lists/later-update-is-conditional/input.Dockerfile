FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl
WORKDIR /app
RUN test -e /x || apt-get update; apt-get install -y git
