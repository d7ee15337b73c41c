FROM python:3.12
RUN apt-get update && apt-get install -y npm libcairo2-dev ca-certificates
RUN npm install
