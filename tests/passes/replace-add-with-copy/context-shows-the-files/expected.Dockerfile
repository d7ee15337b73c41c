FROM debian:12
COPY run conf.d /etc/service/
COPY data.tar.gz /opt/
COPY *.bin /srv/
