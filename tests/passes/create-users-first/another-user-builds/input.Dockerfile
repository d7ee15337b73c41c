FROM debian:bookworm-slim
COPY app /srv/app
USER daemon
RUN useradd app
RUN chown -R app:app /srv/app
