FROM debian:bookworm
COPY setup.sh /opt/
RUN apt-get update && apt-get install -y unzip && /opt/setup.sh
