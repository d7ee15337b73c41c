FROM debian:bookworm-slim
WORKDIR /srv/app
RUN useradd -m app
COPY app /srv/app/bin
RUN chown -R app:app /srv/app
USER app
