FROM debian:bookworm-slim
RUM echo
