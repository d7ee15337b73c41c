FROM debian:bookworm-slim
RUN echo a > /a \
    && echo b > /b
