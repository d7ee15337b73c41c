FROM python:3.9-slim
ENV POETRY_VERSION=1.1.13
RUN pip install --no-cache-dir "poetry==$POETRY_VERSION"
COPY pyproject.toml poetry.lock ./
RUN poetry install --no-dev
