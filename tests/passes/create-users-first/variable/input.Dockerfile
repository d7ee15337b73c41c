FROM debian:bookworm-slim
ARG NAME=app
COPY app /srv/app
RUN useradd $NAME
RUN chown -R $NAME:$NAME /srv/app
