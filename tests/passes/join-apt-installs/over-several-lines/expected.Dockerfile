FROM python:3.11
RUN apt-get update && apt-get install -y --no-install-recommends curl vim libpq-dev \
    && pip install --no-cache-dir -r requirements.txt
