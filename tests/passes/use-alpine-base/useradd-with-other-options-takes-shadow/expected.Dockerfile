FROM node:20-alpine
RUN apk add --no-cache shadow
RUN useradd -K UMASK=022 web
