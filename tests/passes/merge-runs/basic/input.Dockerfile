FROM debian:bookworm-slim
RUN echo a > /a
RUN echo b > /b
