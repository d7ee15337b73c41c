FROM debian:bookworm-slim
RUN find / -name x -exec ls {} \; \
    && touch /a
