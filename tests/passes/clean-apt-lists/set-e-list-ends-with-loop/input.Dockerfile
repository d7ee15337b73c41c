FROM debian:bookworm-slim
RUN set -eux; \
    apt-get update; \
    apt-get install -y curl; \
    for i in a b; do test -e $i && echo $i; done
