FROM debian:bookworm-slim
RUN apt-get update && \
    apt-get install -y curl && \
    # once more
    apt-get update && \
    # versions
    apt-get install -y git
