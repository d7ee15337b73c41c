FROM debian:bookworm-slim
WORKDIR /app
RUN useradd -m -d /app web
COPY --chown=web:web . /app
RUN chown -R web:web /app
USER web
