FROM debian:bookworm-slim
RUN touch /a
ENV X=1
RUN touch /b
COPY x /x
RUN touch /c
LABEL x=1
RUN touch /d
USER app
RUN touch /tmp/e
ARG Y
RUN touch /tmp/f
WORKDIR /tmp
RUN touch /tmp/g
VOLUME /data
RUN touch /tmp/h
