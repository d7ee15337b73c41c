FROM debian:bookworm-slim
ADD *.sh /usr/local/bin/
ADD conf/* /etc/app/
ADD package*.json /app/
ADD data?.tar /data/
ADD lib* /usr/lib/
