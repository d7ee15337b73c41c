FROM debian:bookworm-slim
RUN set -e; a; b
RUN set -e; c; d
RUN e
