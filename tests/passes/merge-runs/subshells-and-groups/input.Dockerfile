FROM debian:bookworm-slim
RUN (cd /tmp && touch x)
RUN { touch /y; touch /z; }
