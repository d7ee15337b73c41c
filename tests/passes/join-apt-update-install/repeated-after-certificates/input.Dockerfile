FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y ca-certificates && apt-get update && apt-get install -y git
