FROM debian:bookworm-slim

# what it does by default
CMD ["old"]

# and now
CMD ["new"]
