FROM debian:bookworm-slim
RUN set -e; a; b \
    && { set -e; c; d; }
RUN e
