FROM python:3.12-slim AS base
WORKDIR /app

FROM base AS dev
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
RUN git clone https://example.org/tools.git

FROM base
CMD ["python", "app.py"]
