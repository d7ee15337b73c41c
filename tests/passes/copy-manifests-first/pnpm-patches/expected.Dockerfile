FROM node:22-slim
RUN corepack enable
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
COPY patches/a@1.0.0.patch patches/
RUN pnpm install --frozen-lockfile
COPY . .
