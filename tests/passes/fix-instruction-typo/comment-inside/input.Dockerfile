FROM debian:bookworm-slim
RUM echo a \
    # and
    b
