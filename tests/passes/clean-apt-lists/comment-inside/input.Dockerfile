FROM debian:bookworm-slim
RUN apt-get update \
    # for downloads
    && apt-get install -y curl \
    # the last one
    git
