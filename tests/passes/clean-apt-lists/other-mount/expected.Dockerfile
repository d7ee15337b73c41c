# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN --mount=type=cache,target=/root/.cache/pip apt-get update && apt-get install -y python3-pip && pip install x \
    && rm -rf /var/lib/apt/lists/*
