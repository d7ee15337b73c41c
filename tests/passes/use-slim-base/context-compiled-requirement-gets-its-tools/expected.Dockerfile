FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev libpq5 \
    && pip install --no-cache-dir -r requirements/base.txt \
    && apt-get purge -y --auto-remove gcc libc6-dev libpq-dev \
    && rm -rf /var/lib/apt/lists/*
CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]
