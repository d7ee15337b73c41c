FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
    libpq5 \
    apt-transport-https \
    tini \
    && rm -rf /var/lib/apt/lists/*
COPY . .
CMD ["python", "app.py"]
