FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:0 . /app
