FROM python:3.12-slim
ARG DIR=/app
RUN useradd app
COPY . $DIR
RUN chown -R app:app /app
