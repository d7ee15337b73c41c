# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN --mount=type=cache,target=/root/.cache apt-get update && apt-get install -y curl
