# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN touch /b
RUN cat <<EOF > /c
text
EOF
