FROM python:3.12
RUN apt-get update && apt-get install -y libpq-dev
RUN pip install psycopg2
