FROM debian:bookworm
RUN echo "apt install curl" && apt-mark showmanual
