FROM debian:bookworm-slim
COPY app /srv/app
ONBUILD RUN useradd app
ONBUILD RUN chown -R app:app /srv/app
