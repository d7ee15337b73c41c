FROM debian:bookworm
RUN apt update && apt -y full-upgrade
