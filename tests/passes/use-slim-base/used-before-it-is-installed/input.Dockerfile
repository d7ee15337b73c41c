FROM ruby:3.3
RUN wget -qO- https://example.org/key | apt-key add - \
    && apt-get update \
    && apt-get install -y wget example-app \
    && rm -rf /var/lib/apt/lists/*
