FROM debian:bookworm-slim
WORKDIR /app
RUN DEBIAN_FRONTEND=noninteractive apt-get -qq update > /dev/null && apt-get install -y curl
