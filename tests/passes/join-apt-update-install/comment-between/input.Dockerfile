FROM debian:bookworm-slim
# fetch
RUN apt-get update
# the tools
RUN apt-get install -y \
    # downloads
    curl \
    # versions
    git
