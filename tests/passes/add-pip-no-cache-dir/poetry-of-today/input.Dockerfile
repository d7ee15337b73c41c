FROM python:3.12-slim
ARG POETRY_VERSION=1.10.2
RUN pip install --no-cache-dir "poetry==$POETRY_VERSION"
COPY pyproject.toml poetry.lock ./
RUN poetry install --only main
