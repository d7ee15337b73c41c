FROM debian:bookworm-slim
COPY --chown=www-data:www-data --chmod=644 index.html /srv/www/
COPY --link config.json /etc/
