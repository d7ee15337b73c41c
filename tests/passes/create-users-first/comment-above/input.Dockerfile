FROM debian:bookworm-slim
WORKDIR /srv

# the application
COPY app /srv/app

# never as root
RUN useradd app

RUN chown -R app:app /srv/app
