ARG FLAVOR=3.12
FROM python:$FLAVOR
RUN pip install flask
