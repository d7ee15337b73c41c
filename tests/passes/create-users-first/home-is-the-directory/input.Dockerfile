FROM debian:bookworm-slim
COPY app /home/app
RUN useradd -m app
RUN chown -R app:app /home/app
