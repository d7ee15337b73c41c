FROM debian:bookworm-slim
WORKDIR /app
RUN apt-get update && yes | apt-get install curl
