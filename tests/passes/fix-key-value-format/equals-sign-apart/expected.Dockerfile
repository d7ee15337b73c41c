FROM debian:bookworm-slim
ENV PORT=8080
LABEL maintainer="Jane Doe"
ENV A = b c
