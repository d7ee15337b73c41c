FROM node:20-alpine
RUN <<EOF
set -e
apk add --no-cache git
EOF
