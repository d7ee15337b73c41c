from debian:bookworm-slim
add start.sh /
Add stop.sh /
