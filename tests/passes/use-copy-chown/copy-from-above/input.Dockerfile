FROM debian:bookworm-slim
COPY . /app
RUN chown -R www-data:www-data /app/storage
COPY rootfs /
RUN chown -R www-data:www-data /srv/www
