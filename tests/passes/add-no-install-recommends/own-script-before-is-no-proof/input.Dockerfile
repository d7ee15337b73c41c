FROM debian:bookworm
COPY setup.sh /opt/
RUN /opt/setup.sh && apt-get update && apt-get install -y unzip
