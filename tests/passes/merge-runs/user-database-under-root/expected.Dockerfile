FROM debian:bookworm-slim
RUN useradd app \
    && touch /a
