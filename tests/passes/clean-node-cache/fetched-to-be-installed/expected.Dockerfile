FROM node:20
RUN corepack enable
COPY pnpm-lock.yaml ./
RUN pnpm fetch --prod
COPY . ./
RUN pnpm install -r --offline --prod && pnpm store prune
