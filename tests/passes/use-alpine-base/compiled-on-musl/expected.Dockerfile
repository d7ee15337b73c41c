FROM python:3.12-alpine
RUN apk add --no-cache libpq-dev gcc libpq musl-dev
RUN pip install psycopg2
