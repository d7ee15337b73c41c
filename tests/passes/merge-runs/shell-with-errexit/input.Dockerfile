FROM debian:bookworm
SHELL ["/bin/bash", "-e", "-c"]
RUN a && b
RUN c && d
RUN e; f
