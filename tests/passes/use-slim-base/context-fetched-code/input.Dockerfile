FROM python:3.12
WORKDIR /app
COPY . .
RUN git clone https://example.org/lib.git /lib && pip install --no-cache-dir flask
CMD ["python", "app.py"]
