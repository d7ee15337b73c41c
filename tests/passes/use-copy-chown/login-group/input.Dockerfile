FROM debian:bookworm-slim
RUN useradd -m app
COPY . /home/app
RUN chown -R app: /home/app
COPY conf /srv/conf
RUN chown -R www-data: /srv/conf
COPY more /srv/more
RUN chown -R backup: /srv/more
