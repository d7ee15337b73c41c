FROM node:20
RUN echo "apt-get install git"
