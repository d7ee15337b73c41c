FROM debian:bookworm-slim
ARG DEV
RUN if [ "$DEV" ]; then apt-get update && apt-get install -y gdb; fi; apt-get update && apt-get install -y git
