FROM python:3.12-slim AS base
RUN pip install --no-cache-dir a
FROM base
RUN pip install --no-cache-dir b
