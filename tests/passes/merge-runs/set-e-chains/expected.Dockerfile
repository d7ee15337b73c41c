FROM debian:bookworm-slim
RUN set -ex && a \
    && set -ex && b
