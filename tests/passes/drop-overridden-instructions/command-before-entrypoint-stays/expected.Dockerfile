FROM debian:bookworm-slim
CMD ["serve"]
ENTRYPOINT ["/new.sh"]
