FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt app.py ./
RUN pip install -r requirements.txt
