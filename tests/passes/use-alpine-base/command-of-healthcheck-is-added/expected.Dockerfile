FROM node:20-alpine

RUN apk add --no-cache bash curl

WORKDIR /app
COPY . .
HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1
CMD ["bash", "start.sh"]
