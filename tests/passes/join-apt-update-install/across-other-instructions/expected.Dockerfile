FROM debian:bookworm-slim
ENV LANG=C.UTF-8
WORKDIR /app
COPY package.json ./
RUN mkdir data
RUN apt-get update -qq && apt-get install -y \
    curl \
    git
