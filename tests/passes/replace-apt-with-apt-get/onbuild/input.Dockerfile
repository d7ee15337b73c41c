FROM debian:bookworm
ONBUILD RUN apt update && apt install -y curl
