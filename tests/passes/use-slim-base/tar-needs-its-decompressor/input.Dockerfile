FROM node:20
COPY data.tar.bz2 /tmp/
RUN tar -xjf /tmp/data.tar.bz2 -C /opt
