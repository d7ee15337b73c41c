FROM debian:bookworm
RUN apt-get update && apt-get install -y build-essential curl \
    && curl -sSL https://example.org/a.tgz | tar xz && cd a && make install
CMD ["a"]
