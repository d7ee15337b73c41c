FROM debian:12
RUN echo "apt-get install a && apt-get install b"
