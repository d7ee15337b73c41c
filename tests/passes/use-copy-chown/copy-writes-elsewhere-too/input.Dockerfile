FROM debian:bookworm-slim
COPY start.sh stop.sh /usr/local/bin/
RUN chown daemon:daemon /usr/local/bin/start.sh
