FROM alpine:3.20
# .env is never read
COPY . /app/
