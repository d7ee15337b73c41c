FROM debian:bookworm
ARG OPTS="-y"
RUN apt-get $OPTS install curl && apt-get install $OPTS curl
