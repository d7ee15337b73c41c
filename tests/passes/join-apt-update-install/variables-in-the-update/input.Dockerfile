FROM debian:bookworm-slim
ARG QUIET=-qq
RUN apt-get $QUIET update
RUN apt-get install -y curl
