FROM python:3.12
RUN apt-get update && apt-get install -y git=1:2.39.5-0
