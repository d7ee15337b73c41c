FROM debian:bookworm-slim
ARG PACKAGES
RUN apt-get update
RUN apt-get install -y $PACKAGES
