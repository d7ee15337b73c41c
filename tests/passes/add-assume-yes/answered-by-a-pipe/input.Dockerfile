FROM debian:bookworm
RUN apt-get update && yes | apt-get install curl && echo y | apt-get install git
