FROM debian:bookworm-slim
ENV KEYS A1 \
# the second key
    B2
