FROM python:3.11
COPY . /app
WORKDIR /app
RUN apt-get update && apt-get install -y curl libpq-dev
RUN pip install -r requirements.txt
RUN useradd -m app
USER app
CMD ["python", "app.py"]
