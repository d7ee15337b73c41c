FROM debian:bookworm-slim
ARG OPTS
RUN apt-get install $OPTS nginx
