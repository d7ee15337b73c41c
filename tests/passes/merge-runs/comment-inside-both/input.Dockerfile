FROM debian:bookworm-slim
RUN a \
    # one
    && b
RUN c \
    # two
    && d
