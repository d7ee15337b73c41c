FROM node:20
WORKDIR /app
COPY . .
RUN npm ci \
    # no funding messages
    --no-fund
