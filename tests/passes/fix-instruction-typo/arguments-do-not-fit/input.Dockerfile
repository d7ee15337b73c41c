FROM debian:bookworm-slim
COPPY a
