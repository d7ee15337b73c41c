FROM debian:bookworm-slim
RUN apt-get update
COPY . .
RUN apt-get install -y curl
