FROM debian:bookworm-slim
RUN umask 077 && touch /a
RUN set -u; touch /b
RUN set -x; touch /c
RUN touch /d
