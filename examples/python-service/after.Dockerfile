FROM python:3.12
LABEL org.opencontainers.image.authors="Web Team <web@example.org>"

ENV PYTHONUNBUFFERED=1
ENV APP_HOME=/srv/app

# libpq is needed by psycopg2, curl by the health check
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev curl \
    && mkdir -p $APP_HOME \
    && useradd --create-home --uid 1000 app \
    && rm -rf /var/lib/apt/lists/*
WORKDIR $APP_HOME

COPY requirements.txt .
RUN ( pip install --no-cache-dir --upgrade pip ) \
    && pip install --no-cache-dir -r requirements.txt

COPY . .
RUN chown -R app:app /srv/app

USER app
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1
CMD gunicorn --bind 0.0.0.0:8000 service.wsgi
