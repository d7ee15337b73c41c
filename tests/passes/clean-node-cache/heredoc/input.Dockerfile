FROM node:20-slim
WORKDIR /app
RUN <<EOF
set -e
npm ci
npm run build
EOF
