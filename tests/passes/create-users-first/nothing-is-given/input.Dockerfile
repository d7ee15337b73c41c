FROM debian:bookworm-slim
COPY app /srv/app
RUN useradd app
USER app
