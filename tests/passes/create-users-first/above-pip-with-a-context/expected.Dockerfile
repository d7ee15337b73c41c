FROM python:3.12-slim
WORKDIR /app
RUN useradd -m app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
RUN chown -R app:app /app
USER app
CMD ["python", "app.py"]
