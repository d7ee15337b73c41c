FROM debian:bookworm
ARG VERB
RUN apt $VERB curl
