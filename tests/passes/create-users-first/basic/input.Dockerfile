FROM debian:bookworm-slim
WORKDIR /srv/app
COPY app /srv/app/bin
RUN useradd -m app
RUN chown -R app:app /srv/app
USER app
