FROM debian:bookworm-slim
RUN echo "apt-get install x"
