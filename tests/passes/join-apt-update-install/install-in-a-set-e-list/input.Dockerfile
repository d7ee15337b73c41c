FROM debian:bookworm-slim
RUN apt-get update
WORKDIR /app
RUN set -eux; \
    mkdir data; \
    apt-get install -y curl; \
    curl --version
