FROM debian:12
RUN apt-get update && apt-get install -y curl \
    # for the pipeline
    && apt-get install -y git
