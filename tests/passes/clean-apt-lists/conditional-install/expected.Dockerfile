FROM debian:bookworm-slim
ARG DEV
RUN if [ -n "$DEV" ]; then apt-get update && apt-get install -y gdb; fi \
    && rm -rf /var/lib/apt/lists/*
