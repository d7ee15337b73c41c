FROM debian:bookworm-slim
RUN a \
    # one
    && b \
    && c \
    # two
    && d
