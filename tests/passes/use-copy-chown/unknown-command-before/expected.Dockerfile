FROM debian:bookworm-slim
RUN useradd app
RUN curl -fsSL https://example.org/setup.sh | sh
COPY --chown=app:app . /app
RUN chown app:app /app
