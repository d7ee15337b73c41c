FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl
CMD ["sh", "-c", "apt-get install -y git && git clone https://example.org/a.git"]
