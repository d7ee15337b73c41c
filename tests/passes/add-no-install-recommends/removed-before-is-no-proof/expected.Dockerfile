FROM debian:bookworm
RUN apt-get purge -y tzdata
RUN apt-get update && apt-get install -y --no-install-recommends unzip
