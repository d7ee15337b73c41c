FROM debian:bookworm-slim AS base
RUN touch /a \
    && touch /b
FROM base
RUN touch /c \
    && touch /d
