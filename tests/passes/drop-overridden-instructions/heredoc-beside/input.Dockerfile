FROM debian:bookworm-slim
CMD ["old"]
RUN <<EOF
CMD echo
CMD echo
EOF
CMD ["new"]
