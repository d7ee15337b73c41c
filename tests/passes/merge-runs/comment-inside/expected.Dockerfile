FROM debian:bookworm-slim
RUN touch /a \
    # and b
    && touch /b \
    # c comes first
    && touch /c \
    # then d
    && touch /d
