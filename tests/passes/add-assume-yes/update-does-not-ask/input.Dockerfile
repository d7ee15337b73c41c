FROM debian:bookworm
RUN apt-get update && apt-get clean
