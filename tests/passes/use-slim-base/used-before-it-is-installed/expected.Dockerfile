FROM ruby:3.3-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends gnupg wget \
    && rm -rf /var/lib/apt/lists/*
RUN wget -qO- https://example.org/key | apt-key add - \
    && apt-get update \
    && apt-get install -y wget example-app \
    && rm -rf /var/lib/apt/lists/*
