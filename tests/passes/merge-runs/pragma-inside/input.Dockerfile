FROM debian:bookworm-slim
RUN touch /a
RUN touch /b \
    # dockeropt: ignore=merge-runs -- the cache needs it
    && touch /c
