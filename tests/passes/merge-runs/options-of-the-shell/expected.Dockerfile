FROM debian:bookworm-slim
RUN ( umask 077 && touch /a ) \
    && ( set -u; touch /b ) \
    && { set -x; touch /c; } \
    && touch /d
