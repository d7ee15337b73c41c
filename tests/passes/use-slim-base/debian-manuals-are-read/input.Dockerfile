FROM debian:bookworm
RUN apt-get update && apt-get install -y tcpdump \
    && cp /usr/share/doc/tcpdump/README.gz /readme.gz
CMD ["tcpdump"]
