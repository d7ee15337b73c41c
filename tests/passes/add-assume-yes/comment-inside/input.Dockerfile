FROM debian:bookworm
RUN apt-get update \
    # tools
    && apt-get install \
      # to fetch
      curl
