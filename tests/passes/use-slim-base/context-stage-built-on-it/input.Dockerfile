FROM python:3.12 AS base
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

FROM base
COPY . .
CMD ["gunicorn", "app:app"]
