FROM node:20
WORKDIR /app
COPY . .
RUN <<EOF
npm install
npm run build
EOF
