FROM python:3.12-slim
WORKDIR /app
COPY <<EOF requirements.txt
flask
EOF
RUN pip install -r requirements.txt
