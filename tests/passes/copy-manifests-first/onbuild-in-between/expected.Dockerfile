FROM python:3.12-slim
WORKDIR /app
ONBUILD RUN pip check
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY . .
