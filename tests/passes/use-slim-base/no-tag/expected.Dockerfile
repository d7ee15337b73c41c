FROM node:slim
CMD ["node", "server.js"]
