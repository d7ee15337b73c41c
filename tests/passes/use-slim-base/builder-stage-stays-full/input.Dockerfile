FROM node:20 AS build
RUN npm ci && npm run build

FROM --platform=linux/amd64 node:20 AS app
COPY --from=build /dist /dist
CMD ["node", "/dist/server.js"]
