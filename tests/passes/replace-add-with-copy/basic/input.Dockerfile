FROM python:3.12-slim
ADD requirements.txt setup.cfg /app/
ADD src /app/src
ADD . /app
CMD ["python", "/app/main.py"]
