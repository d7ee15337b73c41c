FROM debian:12
RUN apt-get update && apt-get install curl -y && apt-get install git -y
