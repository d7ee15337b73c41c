FROM debian:bookworm-slim
RUN echo deb http://example.org/debian stable main > /etc/apt/sources.list.d/x.list
RUN apt-get update && apt-get install -y unzip
