FROM debian:bookworm-slim
RUN <<EOF
CMD echo
CMD echo
EOF
CMD ["new"]
