from debian:bookworm-slim
copy start.sh /
COPY stop.sh /
