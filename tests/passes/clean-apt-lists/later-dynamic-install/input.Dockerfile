FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl
ARG VERB=install
RUN apt-get $VERB -y git
