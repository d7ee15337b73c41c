FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl gnupg \
    && curl https://example.org/key | apt-key add - \
    && apt-get update && apt-get install -y git
