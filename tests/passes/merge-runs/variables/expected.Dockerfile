FROM debian:bookworm-slim
RUN ( NAME=x; touch "/$NAME" ) \
    && ( export HOME=/root && touch "$HOME/y" ) \
    && touch /z
