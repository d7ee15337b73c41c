FROM debian:bookworm-slim
RUN echo a \
    # first
    # second
    b
