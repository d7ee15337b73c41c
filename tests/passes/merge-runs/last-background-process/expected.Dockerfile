FROM debian:bookworm-slim
RUN touch /a \
    && echo $! && touch /b
