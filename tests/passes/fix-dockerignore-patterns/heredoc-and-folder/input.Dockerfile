FROM node:20
COPY <<EOF /app/a
x
EOF
COPY src /app
