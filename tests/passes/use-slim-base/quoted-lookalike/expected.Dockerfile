FROM node:20-slim
RUN echo "curl git gcc"
CMD ["node", "-e", "console.log('wget')"]
