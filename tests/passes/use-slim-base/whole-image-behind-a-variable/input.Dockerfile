ARG BASE=python:3.12
FROM $BASE
RUN pip install flask
