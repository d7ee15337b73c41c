FROM node:20-alpine
ONBUILD RUN apk add --no-cache git
