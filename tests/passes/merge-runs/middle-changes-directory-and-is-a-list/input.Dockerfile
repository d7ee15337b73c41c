FROM debian:bookworm-slim
RUN a
RUN cd /srv; make
RUN b
