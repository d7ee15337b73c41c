FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt
