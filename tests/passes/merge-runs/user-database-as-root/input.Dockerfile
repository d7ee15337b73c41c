FROM debian:bookworm-slim
RUN useradd app
RUN b
