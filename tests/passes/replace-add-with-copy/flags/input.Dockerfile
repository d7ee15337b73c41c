FROM debian:bookworm-slim
ADD --chown=www-data:www-data --chmod=644 index.html /srv/www/
ADD --link config.json /etc/
