FROM debian:bookworm
RUN apt update && apt upgrade -y
