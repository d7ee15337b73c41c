FROM debian:bookworm-slim
ENV A=1 \
    B=2
LABEL a=1 \
    b=2
