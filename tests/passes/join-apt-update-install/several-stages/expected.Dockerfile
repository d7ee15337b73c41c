FROM debian:bookworm-slim AS one
RUN apt-get update && apt-get install -y gcc
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y git
COPY --from=one /usr/bin/gcc /gcc
