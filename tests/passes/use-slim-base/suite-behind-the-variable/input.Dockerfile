ARG PYTHON_VERSION=3.12
FROM python:${PYTHON_VERSION}-bookworm
RUN pip install flask
