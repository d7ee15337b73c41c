FROM debian:bookworm-slim
RUN touch /a
RUN echo $! && touch /b
