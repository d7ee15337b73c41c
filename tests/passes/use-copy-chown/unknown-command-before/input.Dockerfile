FROM debian:bookworm-slim
RUN useradd app
RUN curl -fsSL https://example.org/setup.sh | sh
COPY . /app
RUN chown -R app:app /app
