FROM debian:bookworm-slim
RUN useradd app
COPY . /app
RUN chown app:app /app
