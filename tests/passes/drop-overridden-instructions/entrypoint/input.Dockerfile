FROM debian:bookworm-slim
ENTRYPOINT ["/old.sh"]
CMD ["serve"]
ENTRYPOINT ["/new.sh"]
