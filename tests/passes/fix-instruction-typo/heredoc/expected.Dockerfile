FROM debian:bookworm-slim
COPY <<EOF /a
RUN
EOF
