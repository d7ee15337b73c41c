FROM debian:bookworm-slim
RUN apt-get install -y build-essential && \
                       mkdir /x && \
    apt-get update && \
    mkdir /data
