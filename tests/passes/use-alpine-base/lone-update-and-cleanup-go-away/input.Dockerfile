FROM node:20
RUN apt-get update
RUN apt-get install -y git curl
RUN apt-get clean && rm -rf /var/lib/apt/lists/*
CMD ["node", "server.js"]
