FROM debian:bookworm-slim
ADD .bashrc .npmrc /root/
ADD .env /app/
ADD .git /app/.git
