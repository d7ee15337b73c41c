FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl && useradd -m app \
    && rm -rf /var/lib/apt/lists/*
COPY --chown=app:app src /home/app/src
