FROM debian:bookworm-slim
RUN apt-get update
WORKDIR /app
RUN yes | apt-get install curl
