FROM debian:bookworm-slim
RUN touch /a \
    && touch /b `# the second`
