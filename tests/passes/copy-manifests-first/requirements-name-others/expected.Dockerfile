FROM python:3.12-slim
WORKDIR /srv/shop
COPY requirements/production.txt requirements/base.txt requirements/
COPY constraints.txt ./
RUN pip install -r requirements/production.txt
COPY . .
