FROM debian:bookworm-slim
RUN a
# hadolint ignore=DL3008
RUN b
