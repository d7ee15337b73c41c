FROM python:3.11
WORKDIR /app
RUN apt-get update && apt-get install -y curl libpq-dev
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . /app
RUN useradd -m app
USER app
CMD ["python", "app.py"]
