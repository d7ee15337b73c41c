FROM python:3.12-slim
WORKDIR /app
COPY . .
ONBUILD RUN pip check
RUN pip install -r requirements.txt
