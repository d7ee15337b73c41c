FROM debian:bookworm-slim
ENTRYPOINT ["/entry.sh"]
CMD ["new"]
