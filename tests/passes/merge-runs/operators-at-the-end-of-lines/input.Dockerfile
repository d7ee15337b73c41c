FROM debian:bookworm-slim
RUN a && \
  b
RUN c && \
  d
