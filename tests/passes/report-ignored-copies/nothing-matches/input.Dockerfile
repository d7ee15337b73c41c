FROM alpine:3.20
COPY scripts/*.bash /usr/local/bin/
ADD data/*.csv /data/
COPY app /app
