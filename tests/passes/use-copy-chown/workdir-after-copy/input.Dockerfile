FROM debian:bookworm-slim
RUN useradd app
COPY . /app
WORKDIR /app
RUN chown -R app:app /app
