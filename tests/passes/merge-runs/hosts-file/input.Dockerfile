FROM debian:bookworm-slim
RUN echo 127.0.0.1 x >> /etc/hosts
RUN ping -c 1 x
