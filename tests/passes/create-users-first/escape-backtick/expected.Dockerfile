# escape=`
FROM debian:bookworm-slim
RUN useradd `
    -m app
COPY app /srv/app
RUN chown -R app:app /srv/app
