FROM debian:bookworm-slim
RUN touch /b \
    # done
    && touch /a
