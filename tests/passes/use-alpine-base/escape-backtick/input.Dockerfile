# escape=`
FROM node:20
RUN apt-get update `
    && apt-get install -y git `
    && rm -rf /var/lib/apt/lists/*
