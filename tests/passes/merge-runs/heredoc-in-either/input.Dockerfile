FROM debian:bookworm-slim
RUN <<EOF
a
EOF
RUN b
RUN cat <<EOF > /x
x
EOF
