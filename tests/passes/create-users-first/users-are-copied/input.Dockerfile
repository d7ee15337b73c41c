FROM debian:bookworm-slim
COPY passwd /etc/passwd
RUN useradd app
RUN chown -R app:app /srv/app
