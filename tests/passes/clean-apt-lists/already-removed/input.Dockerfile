FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y git && rm -r /var/lib/apt/lists /tmp/x
RUN apt-get update && apt-get install -y vim && apt-get clean && rm -rf /var/lib/apt
RUN apt-get update && apt-get install -y nano && rm -rf /var/lib/{apt,dpkg,cache,log}/
RUN apt-get update && apt-get install -y less && find /var/lib/apt/lists -type f -delete
RUN apt-get update && apt-get install -y jq && cd /var/lib/apt/lists && rm -rf *
RUN apt-get update && apt-get install -y bc && apt-get distclean
RUN apt-get update && apt-get install -y w3m && /usr/local/bin/cleanup.sh
