FROM debian:bookworm-slim
RUN apt-get update
COPY setup.sh /tmp/
RUN /tmp/setup.sh
RUN apt-get install -y curl
