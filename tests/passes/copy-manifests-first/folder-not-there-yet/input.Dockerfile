FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN cd docs && pip install -r ../requirements.txt
