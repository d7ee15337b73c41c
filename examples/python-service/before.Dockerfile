FROM python:3.12
MAINTAINER Web Team <web@example.org>

ENV PYTHONUNBUFFERED 1
ENV APP_HOME /srv/app

# libpq is needed by psycopg2, curl by the health check
RUN apt-get update
RUN apt-get install -y libpq-dev curl

RUN mkdir -p $APP_HOME
RUN useradd --create-home --uid 1000 app
WORKDIR $APP_HOME

ADD requirements.txt .
RUN pip install --upgrade pip
RUN pip install -r requirements.txt

COPY . .
RUN chown -R app:app /srv/app

USER app
EXPOSE 8000
HEALTHCHECK CMD curl -f http://localhost:8000/health || exit 1
CMD gunicorn --bind 0.0.0.0:8000 service.wsgi
