FROM node:20
CMD ["sh", "-c", "wget -qO- http://config/ && node server.js"]
