FROM debian:bookworm-slim
RUN apt-get \
    # quiet
    -qq update
RUN apt-get install -y curl
