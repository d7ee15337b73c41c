FROM python:3.12-slim
RUN pip install uv
WORKDIR /app
COPY . .
RUN uv sync --locked --no-install-project
RUN uv sync --locked
