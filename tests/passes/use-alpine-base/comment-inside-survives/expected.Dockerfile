FROM node:20-alpine
RUN apk add --no-cache \
    # for the hooks
    git
