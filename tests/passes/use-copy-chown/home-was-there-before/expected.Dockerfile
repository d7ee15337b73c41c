FROM debian:bookworm-slim
WORKDIR /app
RUN useradd -m -d /app web
COPY --chown=web:web . /app
RUN chown web:web /app
USER web
