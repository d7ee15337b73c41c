FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev libxml2-dev
