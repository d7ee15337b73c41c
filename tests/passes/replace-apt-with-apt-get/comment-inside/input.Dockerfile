FROM debian:bookworm
RUN apt update \
    # what the checks need
    && apt install -y \
      curl \
      # certificates
      ca-certificates
