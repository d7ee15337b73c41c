FROM debian:bookworm-slim AS builder
RUN apt-get update && apt-get install -y gcc
# builds
RUN apt-get install -y make
WORKDIR /src
RUN apt-get update && apt-get install -y git
FROM scratch
COPY --from=builder /usr/bin/make /make
