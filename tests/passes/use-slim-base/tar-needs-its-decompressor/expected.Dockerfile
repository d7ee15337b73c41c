FROM node:20-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends bzip2 \
    && rm -rf /var/lib/apt/lists/*
COPY data.tar.bz2 /tmp/
RUN tar -xjf /tmp/data.tar.bz2 -C /opt
