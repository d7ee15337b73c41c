FROM debian:bookworm-slim
RUN a \
    && ( cd /srv; make ) \
    && b
