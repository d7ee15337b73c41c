FROM python:3.12-slim
ARG DIR=/app
RUN useradd app
COPY --chown=app:app . $DIR
