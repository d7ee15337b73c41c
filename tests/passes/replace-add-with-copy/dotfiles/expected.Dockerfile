FROM debian:bookworm-slim
COPY .bashrc .npmrc /root/
COPY .env /app/
ADD .git /app/.git
