FROM debian:bookworm-slim
CMD old \
    # with this option
    --option
CMD ["new"]
