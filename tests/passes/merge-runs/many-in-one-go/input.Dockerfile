FROM debian:bookworm-slim
RUN a
RUN b
RUN c
RUN d
RUN e
