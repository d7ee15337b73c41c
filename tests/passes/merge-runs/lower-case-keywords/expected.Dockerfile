from debian:bookworm-slim
run touch /a \
    && touch /b
