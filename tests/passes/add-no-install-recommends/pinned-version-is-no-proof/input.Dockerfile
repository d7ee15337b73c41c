FROM debian:bookworm
RUN apt-get update && apt-get install -y unzip=6.0-28
