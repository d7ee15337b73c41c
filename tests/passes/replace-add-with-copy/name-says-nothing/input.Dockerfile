FROM debian:bookworm-slim
ADD run /etc/service/web/run
