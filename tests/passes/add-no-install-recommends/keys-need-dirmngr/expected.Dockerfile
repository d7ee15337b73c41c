FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends gnupg dirmngr && gpg --keyserver keys.example.org --recv-keys 123
