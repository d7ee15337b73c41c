FROM python:3.12-slim
ENV APP_DIR=/app
WORKDIR ${APP_DIR}
COPY requirements.txt ./
RUN pip install -r requirements.txt
ADD . ${APP_DIR}
