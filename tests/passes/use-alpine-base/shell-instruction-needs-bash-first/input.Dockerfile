FROM python:3.12
SHELL ["/bin/bash", "-c"]
RUN apt-get update && apt-get install -y git
