# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN apt-get update
RUN --mount=type=cache,target=/root/.cache apt-get install -y curl
