FROM debian:bookworm
ONBUILD RUN apt-get install curl
