FROM node:22-slim
ENV NODE_ENV=production
ENV PATH=/opt/bin:$PATH
LABEL version=1.0
