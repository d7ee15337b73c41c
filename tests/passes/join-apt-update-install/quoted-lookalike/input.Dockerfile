FROM debian:bookworm-slim
RUN echo apt-get update
RUN echo "apt-get install -y curl"
