FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmagic1t64 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["python", "app.py"]
