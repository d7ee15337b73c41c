FROM debian:bookworm-slim AS base
RUN apt-get update && apt-get install -y curl
FROM base AS builder
RUN apt-get install -y gcc && gcc --version > /v
FROM base
COPY --from=builder /v /v
