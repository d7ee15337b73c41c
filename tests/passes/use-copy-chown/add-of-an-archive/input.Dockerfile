FROM debian:bookworm-slim
ADD site.tar.gz /site/
RUN chown -R www-data:www-data /site
