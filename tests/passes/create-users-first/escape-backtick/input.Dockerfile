# escape=`
FROM debian:bookworm-slim
COPY app /srv/app
RUN useradd `
    -m app
RUN chown -R app:app /srv/app
