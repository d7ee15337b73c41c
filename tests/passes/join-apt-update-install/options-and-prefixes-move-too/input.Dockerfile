FROM debian:bookworm-slim
RUN DEBIAN_FRONTEND=noninteractive apt-get -qq update > /dev/null
WORKDIR /app
RUN apt-get install -y curl
