FROM debian:bookworm-slim
COPY --chown=1500:1500 . /app
RUN useradd -u 1500 app
USER 1500
