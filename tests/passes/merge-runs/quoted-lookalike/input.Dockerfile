FROM debian:bookworm-slim
RUN echo "RUN touch /a" > /x && \
    echo RUN touch /b
