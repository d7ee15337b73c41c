FROM node:22-slim
ENV NODE_ENV=production A="b c" D=e\ f
LABEL version="1.0"
ARG X
