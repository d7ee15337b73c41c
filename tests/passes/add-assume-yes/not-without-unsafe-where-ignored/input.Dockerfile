FROM debian:bookworm
RUN apt-get install curl; echo done
