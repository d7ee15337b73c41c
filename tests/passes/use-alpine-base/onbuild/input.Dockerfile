FROM node:20
ONBUILD RUN apt-get update && apt-get install -y git
