FROM python:3.12
RUN curl -sL https://deb.nodesource.com/setup_20.x | bash -
