FROM debian:bookworm-slim
RUN touch /a \
    && { sleep 1 & wait; }
