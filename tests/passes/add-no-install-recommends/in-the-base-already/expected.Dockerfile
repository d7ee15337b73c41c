FROM node:20-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends git curl build-essential
