FROM debian:bookworm-slim
RUN a \
    # why b
    && b
