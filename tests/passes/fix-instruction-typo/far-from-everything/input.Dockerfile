FROM debian:bookworm-slim
CROSS_BUILD_COPY a b
