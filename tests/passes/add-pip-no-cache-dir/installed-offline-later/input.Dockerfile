FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
COPY pyproject.toml uv.lock ./
RUN uv sync --no-install-project
COPY . .
RUN uv sync --offline
