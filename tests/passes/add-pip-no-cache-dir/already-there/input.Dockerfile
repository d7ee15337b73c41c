FROM python:3.12-slim
RUN pip install --no-cache-dir a && pip --no-cache-dir install b
