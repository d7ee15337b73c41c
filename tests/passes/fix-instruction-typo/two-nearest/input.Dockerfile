FROM debian:bookworm-slim
ARD a
