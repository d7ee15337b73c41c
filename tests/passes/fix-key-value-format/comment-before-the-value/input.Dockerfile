FROM debian:bookworm-slim
ENV KEYS \
# the first key
    A1
