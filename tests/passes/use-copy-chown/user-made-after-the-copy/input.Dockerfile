FROM debian:bookworm-slim
COPY . /app
RUN useradd app && chown -R app:app /app
