FROM node:wheezy
CMD ["node", "server.js"]
