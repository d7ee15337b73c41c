FROM node:20
RUN curl -sL https://example.org/key.gpg | apt-key add -
RUN apt-get update && apt-get install -y nginx
