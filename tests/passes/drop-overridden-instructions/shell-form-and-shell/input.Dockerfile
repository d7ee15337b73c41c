FROM debian:bookworm-slim
CMD echo "CMD echo"
SHELL ["/bin/bash", "-c"]
CMD echo "two"
