FROM python:3.12-alpine
RUN apk add --no-cache \
    libpq \
    tini
COPY . .
CMD ["python", "app.py"]
