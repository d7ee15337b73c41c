FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN echo "pip install -r requirements.txt"
