FROM debian:bookworm-slim
RUN ( test -e /x && exit 0; touch /x ) \
    && ( exec touch /y ) \
    && touch /z
