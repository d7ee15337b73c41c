FROM debian:bookworm-slim
COPY app /srv/app
RUN /srv/app/setup
RUN useradd app
RUN chown -R app:app /srv/app
