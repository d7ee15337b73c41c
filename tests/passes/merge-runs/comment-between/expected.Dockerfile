FROM debian:bookworm-slim
# the first
RUN touch /a \
    # the second,
    # of two lines
    && touch /b
