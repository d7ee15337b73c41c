FROM debian:bookworm-slim
RUN useradd app
USER app
RUN sudo apt-get update && sudo apt-get install -y curl
