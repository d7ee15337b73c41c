FROM node:22-slim
WORKDIR /app
COPY package.json yarn.lock .yarnrc.yml ./
COPY .yarn/releases/yarn-4.3.1.cjs .yarn/releases/
RUN yarn install --immutable
COPY . .
