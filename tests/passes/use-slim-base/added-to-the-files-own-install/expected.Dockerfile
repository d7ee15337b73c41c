FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq-dev \
        tzdata \
        gcc \
        libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN pip install psycopg2
