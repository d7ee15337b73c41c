FROM debian:bookworm-slim
ENV DEPS \
        autoconf \
        file \
        g++
ENV LONG a \
    b
