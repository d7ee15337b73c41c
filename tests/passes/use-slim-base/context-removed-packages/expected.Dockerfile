FROM python:3.12-slim
WORKDIR /app
RUN apt-get update && apt-get install -y libpq-dev && apt-get purge -y libpq-dev && apt-get autoremove -y
COPY . .
CMD ["python", "app.py"]
