FROM debian:bookworm-slim
RUN set -ex && touch /a && touch /b
RUN touch /c
