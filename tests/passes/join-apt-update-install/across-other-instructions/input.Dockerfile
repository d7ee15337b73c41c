FROM debian:bookworm-slim
RUN apt-get update -qq
ENV LANG=C.UTF-8
WORKDIR /app
COPY package.json ./
RUN mkdir data
RUN apt-get install -y \
    curl \
    git
