from debian:bookworm-slim
env a b
