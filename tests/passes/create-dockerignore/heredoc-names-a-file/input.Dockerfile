FROM alpine:3.20
COPY . /app/
RUN <<EOF
. /app/.env
EOF
