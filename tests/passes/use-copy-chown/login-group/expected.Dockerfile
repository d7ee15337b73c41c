FROM debian:bookworm-slim
RUN useradd -m app
COPY --chown=app:app . /home/app
COPY --chown=www-data:www-data conf /srv/conf
COPY --chown=backup:backup more /srv/more
