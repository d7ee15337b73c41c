FROM debian:bookworm-slim
RUN touch /a || true
RUN test -e /b || touch /b
