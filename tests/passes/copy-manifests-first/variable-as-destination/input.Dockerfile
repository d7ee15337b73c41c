FROM python:3.12-slim
ENV APP_DIR=/app
ADD . ${APP_DIR}
WORKDIR ${APP_DIR}
RUN pip install -r requirements.txt
