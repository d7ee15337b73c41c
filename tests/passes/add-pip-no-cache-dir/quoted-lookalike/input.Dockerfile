FROM python:3.12-slim
RUN echo "pip install a" && pip list && pip download b
