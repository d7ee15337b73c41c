FROM node:20-slim
WORKDIR /app
ARG DEV
RUN if [ "$DEV" ]; then npm install; fi
