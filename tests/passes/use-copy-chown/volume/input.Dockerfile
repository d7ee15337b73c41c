FROM debian:bookworm-slim
VOLUME /data/files
COPY seed /data
RUN chown -R www-data:www-data /data
