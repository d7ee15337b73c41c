FROM debian:jessie
RUN apt-get update && apt-get install -y python-pip
RUN pip install --upgrade pip setuptools
RUN pip install --no-cache-dir flask
