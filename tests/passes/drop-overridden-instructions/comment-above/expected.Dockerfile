FROM debian:bookworm-slim

# what it does by default

# and now
CMD ["new"]
