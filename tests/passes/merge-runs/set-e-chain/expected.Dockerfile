FROM debian:bookworm-slim
RUN set -ex && touch /a && touch /b \
    && touch /c
