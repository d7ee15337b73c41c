FROM python:3.12-slim
RUN apt-get update && apt-get install -y npm libcairo2-dev ca-certificates g++ make
RUN npm install
