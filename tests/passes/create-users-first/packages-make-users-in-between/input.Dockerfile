FROM debian:bookworm-slim
COPY app /srv/app
RUN apt-get update && apt-get install -y nginx
RUN useradd app
RUN chown -R app:app /srv/app
