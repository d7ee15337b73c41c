FROM debian:bookworm-slim
RUN set -e; \
    touch /a; \
    touch /b \
    && { set -e; \
    touch /c; \
    touch /d; }
