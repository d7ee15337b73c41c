FROM python:3.12-slim
RUN groupadd -r app && useradd -r -g app app
COPY . /app

# the application is its own user
RUN chown -R app:app /app
USER app
