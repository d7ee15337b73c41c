FROM debian:bookworm-slim
RUN useradd app \
    && b
