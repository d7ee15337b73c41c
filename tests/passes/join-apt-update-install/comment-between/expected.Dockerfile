FROM debian:bookworm-slim
# fetch
# the tools
RUN apt-get update && apt-get install -y \
    # downloads
    curl \
    # versions
    git
