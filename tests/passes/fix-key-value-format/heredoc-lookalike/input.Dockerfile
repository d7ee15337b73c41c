FROM debian:bookworm-slim
ENV A <<EOF
RUN <<EOF
ENV B c
EOF
