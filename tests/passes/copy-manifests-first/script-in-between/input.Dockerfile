FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN ./setup.sh
RUN pip install -r requirements.txt
