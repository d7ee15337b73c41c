FROM debian:bookworm-slim
RUN --mount=type=cache,target=/c a \
    && b
