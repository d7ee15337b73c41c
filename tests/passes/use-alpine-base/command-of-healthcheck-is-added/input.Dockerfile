FROM node:20

WORKDIR /app
COPY . .
HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1
CMD ["bash", "start.sh"]
