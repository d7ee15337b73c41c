FROM debian:bookworm-slim
RUN touch /a \
    # b
    && { touch /b; touch /c; }
