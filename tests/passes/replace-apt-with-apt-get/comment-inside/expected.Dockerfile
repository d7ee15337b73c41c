FROM debian:bookworm
RUN apt-get update \
    # what the checks need
    && apt-get install -y \
      curl \
      # certificates
      ca-certificates
