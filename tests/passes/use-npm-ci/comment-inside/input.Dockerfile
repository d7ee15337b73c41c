FROM node:20
WORKDIR /app
COPY . .
RUN npm install \
    # no funding messages
    --no-fund
