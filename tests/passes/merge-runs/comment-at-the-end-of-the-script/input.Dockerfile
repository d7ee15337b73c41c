FROM debian:bookworm-slim
RUN a # note
RUN b
