FROM python:3.12-slim
RUN groupadd -r app && useradd -r -g app app
COPY --chown=app:app . /app

# the application is its own user
USER app
