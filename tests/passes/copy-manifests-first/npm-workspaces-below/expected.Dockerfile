FROM node:22-slim
WORKDIR /app
COPY shop/package.json shop/package-lock.json ./
COPY shop/packages/cart/package.json /app/packages/cart/
COPY shop/packages/units/package.json /app/packages/units/
COPY shop/web/package.json /app/web/
RUN npm ci
COPY shop /app
CMD ["node", "web/server.js"]
