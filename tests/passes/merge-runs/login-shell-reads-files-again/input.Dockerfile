FROM debian:bookworm
SHELL ["/bin/bash", "-l", "-c"]
RUN echo x >> ~/.profile
RUN b
