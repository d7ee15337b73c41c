FROM debian:bookworm-slim
COPY motd.sh /etc/profile.d/motd.sh
RUN chown root:root /etc/profile.d/motd.sh && chmod 644 /etc/profile.d/motd.sh
