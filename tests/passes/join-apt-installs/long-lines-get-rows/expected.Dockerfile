FROM debian:12
RUN apt-get update && \
    apt-get install -y --no-install-recommends git \
        make cmake build-essential \
        libboost-iostreams-dev libboost-program-options-dev \
        libcgal-dev && \
    apt-get clean
