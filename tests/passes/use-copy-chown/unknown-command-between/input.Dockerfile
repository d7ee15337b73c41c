FROM node:22-slim
COPY . /app
RUN make -C /app
RUN chown -R node:node /app
