FROM debian:bookworm-slim
ARG DEV
RUN apt-get update
WORKDIR /app
RUN if [ "$DEV" ]; then apt-get install -y gdb; fi
