FROM debian:jessie
RUN apt-get update && apt-get install -y python-pip && pip install -U pip && pip install flask
