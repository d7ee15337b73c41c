FROM python:3.12-slim
COPY . /app
RUN cd /app
RUN pip install -r /app/requirements.txt
