FROM debian:bookworm-slim
COPY run /etc/service/web/run
