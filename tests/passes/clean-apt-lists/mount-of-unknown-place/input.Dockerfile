# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
ARG CACHE
RUN --mount=type=cache,target=$CACHE apt-get update && apt-get install -y curl
