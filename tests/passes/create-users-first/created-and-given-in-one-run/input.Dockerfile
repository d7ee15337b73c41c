FROM debian:bookworm-slim
WORKDIR /srv
COPY app /srv/app
RUN groupadd -r app && useradd -r -g app app && chown -R app:app /srv/app
USER app
