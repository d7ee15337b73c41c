FROM python:3.11
RUN apt-get update && apt-get install -y --no-install-recommends curl \
    && apt-get -yq install --no-install-recommends vim \
    && apt-get install --assume-yes --no-install-recommends libpq-dev \
    && pip install --no-cache-dir -r requirements.txt
