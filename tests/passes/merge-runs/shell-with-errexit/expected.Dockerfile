FROM debian:bookworm
SHELL ["/bin/bash", "-e", "-c"]
RUN a && b \
    && c && d \
    && { e; f; }
