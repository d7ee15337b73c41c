FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx
RUN apt-get --no-install-recommends install -y vim
