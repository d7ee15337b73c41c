FROM debian:bookworm-slim
WORKDIR /app
EXPOSE 80
RUN apt-get update
USER "app"
COPY ./a /b
MAINTAINER me
CMD /bin/sh
ENV A=b
