FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt ./
RUN <<EOF
pip install -r requirements.txt
EOF
COPY . .
CMD ["python", "app.py"]
