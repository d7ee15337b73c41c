FROM debian:bookworm-slim
WORKDIR /srv
RUN groupadd -r app && useradd -r -g app app
COPY app /srv/app
RUN chown -R app:app /srv/app
USER app
