FROM debian:bookworm
RUN wget -qO- https://example.org/setup | bash -
RUN apt-get update && apt-get install -y --no-install-recommends unzip
