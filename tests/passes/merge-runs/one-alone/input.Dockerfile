FROM debian:bookworm-slim
RUN a
ENV X=1
RUN b
