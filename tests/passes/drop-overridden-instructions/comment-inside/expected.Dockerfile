FROM debian:bookworm-slim
    # with this option
CMD ["new"]
