FROM debian:bookworm-slim



CMD ["three"]