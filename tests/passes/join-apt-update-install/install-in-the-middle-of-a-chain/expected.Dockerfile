FROM debian:bookworm-slim
WORKDIR /app
RUN mkdir data \
 && apt-get update \
 && apt-get install -y curl \
 && curl --version
