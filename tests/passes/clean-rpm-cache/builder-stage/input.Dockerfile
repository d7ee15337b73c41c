FROM fedora:41 AS builder
RUN dnf install -y gcc && gcc --version > /v
FROM scratch
COPY --from=builder /v /v
