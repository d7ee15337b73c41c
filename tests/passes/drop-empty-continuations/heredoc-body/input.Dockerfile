FROM debian:bookworm-slim
RUN <<EOF
echo a \

echo b
EOF
