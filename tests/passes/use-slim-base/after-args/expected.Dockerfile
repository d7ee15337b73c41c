FROM python:3.12-slim
ARG COMMIT
ARG BRANCH=main
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
RUN git clone --branch $BRANCH https://example.org/app.git /app
