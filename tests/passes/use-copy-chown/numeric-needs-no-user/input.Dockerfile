FROM debian:bookworm-slim
COPY . /app
RUN useradd -u 1500 app && chown -R 1500:1500 /app
USER 1500
