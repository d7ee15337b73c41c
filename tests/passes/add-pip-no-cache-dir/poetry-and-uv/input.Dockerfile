FROM python:3.12-slim
RUN poetry install --only main
RUN uv pip install --system a && uv sync --frozen
