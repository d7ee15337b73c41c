FROM node:20
RUN echo "curl git gcc"
CMD ["node", "-e", "console.log('wget')"]
