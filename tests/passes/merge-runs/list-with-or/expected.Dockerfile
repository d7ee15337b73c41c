FROM debian:bookworm-slim
RUN touch /a || true \
    && { test -e /b || touch /b; }
