FROM debian:bookworm-slim
ONBUILD CMD ["one"]
ONBUILD CMD ["two"]
CMD ["three"]
