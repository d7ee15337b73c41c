FROM debian:bookworm-slim
CMD ["one"]


CMD ["two"]


CMD ["three"]