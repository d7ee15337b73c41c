FROM node:6-jessie
RUN apt-get update && apt-get install -y python-pip
RUN pip install awscli && pip install --upgrade awscli
