FROM debian:bookworm-slim
RUN echo a
RUN echo b
RUN echo c && \
echo d
