FROM debian:bookworm-slim
# dockeropt: ignore=merge-runs -- cached apart
RUN a
RUN b
