FROM debian:12
# all we need
RUN apt-get update && apt-get install -y curl git
