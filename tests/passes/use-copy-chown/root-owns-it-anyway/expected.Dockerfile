FROM debian:bookworm-slim
COPY motd.sh /etc/profile.d/motd.sh
RUN chmod 644 /etc/profile.d/motd.sh
