FROM debian:bookworm-slim
RUN apt-get update
RUN echo "deb http://example.org stable main" > /etc/apt/sources.list.d/x.list
RUN apt-get install -y curl
