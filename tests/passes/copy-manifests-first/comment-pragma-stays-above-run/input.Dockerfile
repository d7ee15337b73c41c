FROM python:3.12-slim
WORKDIR /app
COPY . .
# hadolint ignore=DL3042
RUN pip install -r requirements.txt
