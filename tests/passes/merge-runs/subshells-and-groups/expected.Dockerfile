FROM debian:bookworm-slim
RUN (cd /tmp && touch x) \
    && { touch /y; touch /z; }
