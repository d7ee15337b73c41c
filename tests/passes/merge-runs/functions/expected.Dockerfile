FROM debian:bookworm-slim
RUN ( make() { touch "$1"; }; make /a ) \
    && touch /b
