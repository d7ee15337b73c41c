FROM python:3.12-slim
ARG SOURCE=.
WORKDIR /app
COPY $SOURCE .
RUN pip install -r requirements.txt
