from debian:bookworm-slim
run echo
