FROM debian:bookworm-slim
COPY app /srv/app
RUN useradd \
    # a number of its own
    -u 1500 app
RUN chown -R app:app /srv/app
