FROM debian:bookworm-slim
RUN NAME=x; touch "/$NAME"
RUN export HOME=/root && touch "$HOME/y"
RUN touch /z
