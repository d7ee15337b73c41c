FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN git clone https://example.org/lib.git /lib && pip install --no-cache-dir flask
CMD ["python", "app.py"]
