FROM python:3.12-slim
RUN poetry install --no-cache --only main
RUN uv pip install --no-cache --system a && uv sync --no-cache --frozen
