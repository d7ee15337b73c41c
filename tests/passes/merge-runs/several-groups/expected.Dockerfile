FROM debian:bookworm-slim
RUN echo a > /a \
    && echo b > /b
COPY x /x
RUN echo c > /c \
    && echo d > /d
WORKDIR /app
RUN echo e > /e
