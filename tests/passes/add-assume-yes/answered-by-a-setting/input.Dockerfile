FROM debian:bookworm
RUN apt-get -o APT::Get::Assume-Yes=true install curl
