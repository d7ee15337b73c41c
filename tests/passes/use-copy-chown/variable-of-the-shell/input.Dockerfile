FROM python:3.12-slim
COPY . /app
RUN OWNER=$(stat -c %U /etc/passwd) && chown -R "$OWNER" /app
