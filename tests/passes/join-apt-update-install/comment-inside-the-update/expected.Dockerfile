FROM debian:bookworm-slim
    # quiet
RUN apt-get -qq update && apt-get install -y curl
