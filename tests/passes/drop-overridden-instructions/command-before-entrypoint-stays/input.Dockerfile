FROM debian:bookworm-slim
CMD ["serve"]
ENTRYPOINT ["/old.sh"]
ENTRYPOINT ["/new.sh"]
