FROM postgres:16
RUN apt-get update && apt-get install -y curl
