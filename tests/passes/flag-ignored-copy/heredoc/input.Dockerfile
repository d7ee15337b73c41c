FROM alpine:3.20
COPY <<EOF nothing /etc/app/
x
EOF
