FROM python:3.12-slim
COPY requirements.txt setup.cfg /app/
COPY src /app/src
COPY . /app
CMD ["python", "/app/main.py"]
