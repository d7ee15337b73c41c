FROM debian:bookworm-slim AS base
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
FROM base AS builder
RUN apt-get update && apt-get install -y gcc && gcc --version > /v
FROM base
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
COPY --from=builder /v /v
