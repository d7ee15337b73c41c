FROM debian:12
RUN apt-get update && apt-get install -y curl && DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata && sudo apt-get install -y git
