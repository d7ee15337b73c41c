FROM debian:bookworm-slim
RUN ( cd /tmp && touch x ) \
    && touch /y \
    && cd /srv && touch z
