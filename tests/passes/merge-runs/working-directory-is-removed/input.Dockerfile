FROM debian:bookworm-slim
WORKDIR /app
RUN rm -rf /app
RUN touch a
