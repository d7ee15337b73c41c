FROM debian:bookworm-slim AS builder
RUN apt-get update && apt-get install -y gcc && gcc --version > /v
FROM scratch
COPY --from=builder /v /v
