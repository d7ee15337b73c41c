FROM python:3.12-slim
WORKDIR /app
COPY . .
COPY config/production.py ./config.py
RUN pip install -r requirements.txt
