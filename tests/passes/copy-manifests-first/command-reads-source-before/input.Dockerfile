FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN sed -i s/a/b/ requirements.txt && pip install -r requirements.txt
