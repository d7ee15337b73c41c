FROM python:3.12-slim
WORKDIR /app
COPY --link . .
RUN pip install -r requirements.txt
