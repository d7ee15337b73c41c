FROM debian:bookworm-slim
RUN set -x \
    && add-apt-repository ppa:one/two \
    && add-apt-repository ppa:three/four
RUN set -x \
    # comes with a comment
    && apt-get update -y \
    && apt-get upgrade -y
# the tools
RUN set -ex && touch /a
RUN set -x && touch /b || true
RUN set +x && touch /c
RUN set -x && touch /d

WORKDIR /e
RUN set -ex && touch /a
RUN set -ex && touch /b
RUN umask 077 && touch /c
RUN set -ex && touch /d
RUN set -x -e && touch /e
COPY f /
RUN set -x && . /etc/os-release && touch /a
RUN set -x && touch /b
RUN set -x
RUN set -x && touch /c
