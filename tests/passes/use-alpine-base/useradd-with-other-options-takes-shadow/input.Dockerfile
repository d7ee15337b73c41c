FROM node:20
RUN useradd -K UMASK=022 web
