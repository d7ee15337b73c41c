FROM debian:bookworm-slim
RUN set -e; \
    touch /a; \
    touch /b
RUN set -e; \
    touch /c; \
    touch /d
