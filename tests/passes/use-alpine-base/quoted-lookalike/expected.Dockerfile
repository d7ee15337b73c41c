FROM node:20-alpine
RUN echo "apt-get install git"
