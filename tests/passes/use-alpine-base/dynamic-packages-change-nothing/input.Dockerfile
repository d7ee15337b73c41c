FROM node:20
ARG PACKAGES
RUN apt-get update && apt-get install -y $PACKAGES
