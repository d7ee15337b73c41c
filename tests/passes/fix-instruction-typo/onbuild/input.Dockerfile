FROM debian:bookworm-slim
ONBUILD RUM echo
