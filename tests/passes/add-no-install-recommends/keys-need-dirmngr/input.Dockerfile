FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y gnupg && gpg --keyserver keys.example.org --recv-keys 123
