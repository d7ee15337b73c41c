FROM node:20-slim
WORKDIR /app
RUN npm ci && cat <<EOF > /etc/motd
hello
EOF
