FROM debian:bookworm-slim
ADD app.tar.gz /opt/
ADD rootfs.tar.xz /
ADD data.tgz data2.tbz2 /data/
ADD db.sql.gz /var/lib/
ADD tool-1.2.apk /tmp/
