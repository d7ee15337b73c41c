FROM debian:bookworm-slim
RUN ( for i in a b; do touch /$i; done ) \
    && touch /c
