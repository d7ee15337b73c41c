FROM debian:bookworm-slim
COPY app /srv/app
RUN id app || useradd app
RUN chown -R app:app /srv/app
