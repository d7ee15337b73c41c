FROM debian:12
RUN apt-get update && \
    apt-get install -y --no-install-recommends git && \
    apt-get install -y --no-install-recommends make cmake build-essential && \
    apt-get install -y --no-install-recommends libboost-iostreams-dev libboost-program-options-dev git && \
    apt-get install -y --no-install-recommends libcgal-dev && \
    apt-get clean
