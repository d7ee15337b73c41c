FROM node:20
RUN <<EOF
set -e
git clone https://example.org/app.git
EOF
