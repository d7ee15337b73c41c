FROM node:20-slim
WORKDIR /app
RUN npm install \
    # build scripts need them
    --include=dev \
    && npm cache clean --force
