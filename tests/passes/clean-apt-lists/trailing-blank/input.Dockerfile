FROM ruby:3.3
RUN apt update && apt install -y nodejs 
