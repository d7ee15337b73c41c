FROM python:3.12
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq-dev \
        tzdata \
    && rm -rf /var/lib/apt/lists/*
RUN pip install psycopg2
