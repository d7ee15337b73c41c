FROM node:20
HEALTHCHECK CMD curl -f http://localhost:3000/
CMD ["node", "server.js"]
