FROM debian:bookworm-slim
RUN a \
    # why b
    #   and how
    && b
