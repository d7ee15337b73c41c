FROM debian:bookworm-slim
CPOY <<EOF /a
RUM
EOF
