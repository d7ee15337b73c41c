from debian:bookworm-slim
run touch /a
run touch /b
