FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/cart/package.json packages/cart/
COPY packages/units/package.json packages/units/
COPY web/package.json web/
RUN npm ci
COPY . .
CMD ["node", "web/server.js"]
