FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && useradd -m app \
    && rm -rf /var/lib/apt/lists/*
COPY src /home/app/src
RUN chown -R app:app /home/app/src
