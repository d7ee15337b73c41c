FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get install -y curl
RUN touch /a
