FROM python:3.12
COPY . /app
USER www-data
CMD ["python", "/app/app.py"]
