FROM debian:bookworm-slim
RUN useradd app
COPY app /srv/app
RUN chown -R app:app /srv/app
