FROM python:3.12 AS base
WORKDIR /app

FROM base AS dev
RUN git clone https://example.org/tools.git

FROM base
CMD ["python", "app.py"]
