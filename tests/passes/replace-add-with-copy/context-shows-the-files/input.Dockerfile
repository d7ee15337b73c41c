FROM debian:12
ADD run conf.d /etc/service/
ADD data.tar.gz /opt/
ADD *.bin /srv/
