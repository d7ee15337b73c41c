from debian:bookworm-slim
rum echo
