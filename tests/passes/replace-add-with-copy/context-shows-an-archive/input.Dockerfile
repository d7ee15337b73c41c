FROM debian:12
ADD rootfs /
ADD settings.json /etc/
