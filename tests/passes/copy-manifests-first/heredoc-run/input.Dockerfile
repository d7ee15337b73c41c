FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN <<EOF
pip install -r requirements.txt
EOF
CMD ["python", "app.py"]
