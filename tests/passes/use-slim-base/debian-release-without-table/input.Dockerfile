FROM debian:jessie
RUN apt-get update && apt-get install -y gcc && gcc --version
