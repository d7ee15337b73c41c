FROM debian:bookworm
COPY setup.sh /opt/
RUN apt-get update && apt-get install -y --no-install-recommends unzip && /opt/setup.sh
