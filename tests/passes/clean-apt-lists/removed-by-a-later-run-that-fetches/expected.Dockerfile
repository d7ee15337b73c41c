FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
COPY app.py /app/
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -r /var/lib/apt/lists/*
