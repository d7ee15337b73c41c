FROM debian:bookworm-slim
WORKDIR /srv

# never as root
RUN useradd app

# the application
COPY app /srv/app

RUN chown -R app:app /srv/app
