FROM debian:bookworm-slim
CMD ["old"]
ENTRYPOINT ["/entry.sh"]
CMD ["new"]
