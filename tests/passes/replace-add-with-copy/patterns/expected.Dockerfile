FROM debian:bookworm-slim
COPY *.sh /usr/local/bin/
ADD conf/* /etc/app/
COPY package*.json /app/
ADD data?.tar /data/
ADD lib* /usr/lib/
