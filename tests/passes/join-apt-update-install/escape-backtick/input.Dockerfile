# escape=`
FROM debian:bookworm-slim
RUN apt-get update
WORKDIR /app
RUN mkdir data `
    && apt-get install -y curl
