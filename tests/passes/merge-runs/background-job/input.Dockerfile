FROM debian:bookworm-slim
RUN server & sleep 1
RUN b
