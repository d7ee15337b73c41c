FROM debian:bookworm
RUN apt-get update \
    # tools
    && apt-get install -y \
      # to fetch
      curl
