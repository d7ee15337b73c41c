FROM debian:bookworm-slim
RUN set -x \
    && add-apt-repository ppa:one/two \
    && add-apt-repository ppa:three/four \
    # comes with a comment
    && apt-get update -y \
    && apt-get upgrade -y \
    # the tools
    && set -ex && touch /a \
    && { set -x && touch /b || true; } \
    && ( set +x && touch /c ) \
    && touch /d

WORKDIR /e
RUN set -ex && touch /a \
    && touch /b \
    && ( umask 077 && touch /c ) \
    && touch /d \
    && touch /e
COPY f /
RUN ( set -x && . /etc/os-release && touch /a ) \
    && set -x && touch /b \
    && set -x \
    && touch /c
