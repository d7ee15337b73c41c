FROM debian:bookworm-slim
ENV PORT = 8080
