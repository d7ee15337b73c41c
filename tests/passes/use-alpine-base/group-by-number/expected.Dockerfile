FROM python:3.12-alpine
RUN addgroup -g 10001 app && \
    adduser -D -H -u 10001 -h /app -G app app
