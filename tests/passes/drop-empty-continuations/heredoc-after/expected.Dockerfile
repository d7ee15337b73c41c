FROM debian:bookworm-slim
RUN cat \
    <<EOF > /a

text

EOF
