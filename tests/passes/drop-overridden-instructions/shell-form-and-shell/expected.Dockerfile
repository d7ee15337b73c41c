FROM debian:bookworm-slim
SHELL ["/bin/bash", "-c"]
CMD echo "two"
