FROM debian:bookworm-slim
RUN touch /a
# hadolint ignore=DL3008
RUN apt-get install -y curl
