FROM node:20-slim
WORKDIR /app
RUN sudo npm install -g bower && sudo npm cache clean --force
