FROM debian:bookworm-slim
RUN echo a > /a

RUN echo b > /b
COPY x /x
RUN echo c > /c


RUN echo d > /d
WORKDIR /app
RUN echo e > /e
